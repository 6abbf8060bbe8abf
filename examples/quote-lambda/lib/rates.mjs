const perMetre = 180;
const perCable = 950;

export const quote = (length, cables) => Math.round(length * perMetre + cables * perCable);

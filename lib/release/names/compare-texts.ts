/** Orders texts by their UTF-16 code units. The order is the same in every locale, so stored lists have one form. */
export const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

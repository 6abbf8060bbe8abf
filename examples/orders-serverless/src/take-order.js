/** Takes an order and says what it will cost. */
exports.handler = async ({ cents = 2490 }) => {
  // biome-ignore lint/style/noProcessEnv: a function's settings are its environment
  return { price: `${(cents / 100).toFixed(2)} €`, queue: process.env.QUEUE_URL };
};

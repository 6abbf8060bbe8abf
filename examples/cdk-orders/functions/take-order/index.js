/** Takes an order; the queue it is for comes from the other stack. */
exports.handler = async ({ product = "rope" }) => {
  // biome-ignore lint/style/noProcessEnv: a function's settings are its environment
  return { product, queue: process.env.QUEUE_URL };
};

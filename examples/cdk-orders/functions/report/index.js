/** Says where reports go, and of which queue. */
exports.handler = async () => {
  // biome-ignore lint/style/noProcessEnv: a function's settings are its environment
  const { TOPIC_ARN, QUEUE_ARN } = process.env;
  return { topic: TOPIC_ARN, of: QUEUE_ARN };
};

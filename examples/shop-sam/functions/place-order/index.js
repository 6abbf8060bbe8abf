// Takes an order, and says what it will cost.
const { randomUUID } = require("node:crypto");
const { inEuro } = require("money");

exports.handler = async (event) => {
  const { product, cents } = JSON.parse(event.body ?? "{}");
  if (typeof product !== "string" || !Number.isInteger(cents)) {
    return {
      statusCode: 400,
      body: JSON.stringify({ error: "An order names a product and its price in cents." }),
    };
  }
  // biome-ignore lint/style/noProcessEnv: a function's settings are its environment
  const order = { id: randomUUID(), product, price: inEuro(cents), table: process.env.ORDERS };
  return { statusCode: 201, body: JSON.stringify(order) };
};

// Lists what the shop sells.
const { inEuro } = require("money");

const products = [
  { id: "rope", name: "Rope, 20 m", cents: 2490 },
  { id: "kedge", name: "Kedge anchor, 15 kg", cents: 18900 },
];

exports.handler = async () => ({
  statusCode: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(products.map(({ id, name, cents }) => ({ id, name, price: inEuro(cents) }))),
});

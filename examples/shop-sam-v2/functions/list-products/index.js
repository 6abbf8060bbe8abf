// Lists what the shop sells, cheapest first.
const { inEuro } = require("money");

const products = [
  { id: "rope", name: "Rope, 20 m", cents: 2490 },
  { id: "kedge", name: "Kedge anchor, 15 kg", cents: 18900 },
  { id: "shackle", name: "Shackle, 10 mm", cents: 790 },
];

exports.handler = async () => ({
  statusCode: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(
    [...products]
      .sort((a, b) => a.cents - b.cents)
      .map(({ id, name, cents }) => ({ id, name, price: inEuro(cents) })),
  ),
});

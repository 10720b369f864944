display({ html: "<b>x</b>" });
display("text");
display([1, { a: 2 }]);
console.log("printed");
({ last: "expression", n: [1, 2] });

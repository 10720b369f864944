enum Colour {
  Red,
  Green = "g",
}
console.log(Colour.Red, Colour.Green);

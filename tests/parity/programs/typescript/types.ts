interface Point<T extends number = number> {
  readonly x: T;
  y?: T;
}
type Shape = { kind: "circle"; r: number } | { kind: "square"; side: number };
const area = (shape: Shape): number => (shape.kind === "circle" ? Math.PI * shape.r ** 2 : shape.side ** 2);
abstract class Animal {
  protected abstract readonly sound: string;
  declare tag: string;
  speak(): string {
    return `says ${this.sound}`;
  }
}
class Dog extends Animal {
  protected override readonly sound = "wuff" as const;
}
function identity<T>(value: T): T {
  return value;
}
const p = { x: 1 } satisfies Point;
console.log(area({ kind: "circle", r: 2 }), new Dog().speak(), identity<string>("é👍"), p!.x as number);

export type { Shape };
export const answer: number = 42;

import type { DataFile, Project, TextFile } from "../store/project.ts";
import { WORKSPACE } from "./paths.ts";

export interface ExampleFile {
  path: string;
  content: string | Blob;
}

/** A program that is ready to run. Its files are loaded only when somebody chooses it. */
export interface Example {
  id: string;
  title: string;
  description: string;
  /** The file in front. */
  main: string;
  /** What it is called with. */
  args?: string;
  load(): Promise<ExampleFile[]>;
}

const at = (name: string) => `${WORKSPACE}/${name}`;

/** The first visit: small enough to read at a glance, and it prints, draws and leaves a file. */
export const WELCOME: { id: string; files: { path: string; content: string }[] } = {
  id: "welcome",
  files: [
    {
      path: at("main.py"),
      content: `import csv
import json
from collections import Counter


class BarChart:
    """Anything with _repr_svg_ is drawn under the code's output."""

    def __init__(self, totals):
        self.totals = totals

    def _repr_svg_(self):
        top = max(self.totals.values())
        rows = []
        for i, (name, value) in enumerate(self.totals.items()):
            y, width = 12 + i * 36, 300 * value / top
            rows.append(
                f'<text x="72" y="{y + 17}" text-anchor="end" fill="#5c574f">{name}</text>'
                f'<rect x="84" y="{y}" width="{width:.1f}" height="24" rx="3" fill="#d9982b"/>'
                f'<text x="{92 + width:.1f}" y="{y + 17}" fill="#1f1d1a">{value:,.2f}</text>'
            )
        height = 12 + 36 * len(rows)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="480" height="{height}" '
            f'font-family="system-ui" font-size="13">{"".join(rows)}</svg>'
        )


totals = Counter()
with open("orders.csv", newline="") as file:
    for order in csv.DictReader(file):
        totals[order["region"]] += int(order["quantity"]) * float(order["price"])

ranking = {region: round(total, 2) for region, total in totals.most_common()}
for region, total in ranking.items():
    print(f"{region:<8}{total:>10,.2f}")

with open("totals.json", "w") as file:
    json.dump(ranking, file, indent=2)

display(BarChart(ranking))
`,
    },
    {
      path: at("orders.csv"),
      content: `order,region,product,quantity,price
1001,North,Lamp,4,39.90
1002,South,Desk,1,249.00
1003,East,Chair,6,89.50
1004,North,Desk,2,249.00
1005,West,Lamp,9,39.90
1006,East,Lamp,3,39.90
1007,South,Chair,4,89.50
1008,West,Shelf,2,119.00
1009,North,Chair,2,89.50
`,
    },
  ],
};

const text = (name: string, content: string): ExampleFile => ({ path: at(name), content });

const SALES = `region,product,amount
North,Lamp,159.60
South,Desk,249.00
East,Chair,537.00
North,Desk,498.00
West,Lamp,359.10
East,Lamp,119.70
South,Chair,358.00
West,Shelf,238.00
North,Chair,179.00
`;

export const EXAMPLES: readonly Example[] = [
  {
    id: WELCOME.id,
    title: "Orders by region",
    description: "Python. Reads a CSV file, prints totals, draws a chart.",
    main: at("main.py"),
    load: async () => WELCOME.files,
  },
  {
    id: "hello",
    title: "Hello",
    description: "Python. The shortest program, and where it runs.",
    main: at("hello.py"),
    load: async () => [
      text(
        "hello.py",
        `import sys

name = "world"
print(f"Hello, {name}")
print(f"Python {sys.version.split()[0]} on {sys.platform}")
`,
      ),
    ],
  },
  {
    id: "sales-report",
    title: "Sales report",
    description: "Python. Cleans a real data set and writes a report, a chart and a summary.",
    main: at("main.py"),
    load: async () => {
      const [code, data] = await Promise.all([
        import("../../../examples/sales-report/main.py?raw"),
        import("../../../examples/sales-report/movies.csv?raw"),
      ]);
      return [text("main.py", code.default), text("movies.csv", data.default)];
    },
  },
  {
    id: "input",
    title: "Ask for input",
    description: "Python. Waits for what you type while it runs.",
    main: at("guess.py"),
    load: async () => [
      text(
        "guess.py",
        `import random

secret = random.randint(1, 20)
tries = 0
while True:
    line = input("A number from 1 to 20: ")
    tries += 1
    if not line.strip().isdigit():
        print("Digits only, please.")
        continue
    guess = int(line)
    if guess == secret:
        break
    print("Too low." if guess < secret else "Too high.")

print(f"{secret} it is. You needed {tries} tries.")
`,
      ),
    ],
  },
  {
    id: "javascript",
    title: "JavaScript",
    description: "Modules, a file, and a table of results.",
    main: at("main.js"),
    load: async () => [
      text(
        "main.js",
        `import { primesUpTo } from "./primes.js";
import { writeFileSync } from "node:fs";

const primes = primesUpTo(100);
console.log(\`\${primes.length} primes up to 100\`);
console.log(primes.join(" "));

const gaps = primes.slice(1).map((prime, index) => ({ prime, gap: prime - primes[index] }));
writeFileSync("gaps.json", JSON.stringify(gaps, null, 2));

display.json(gaps);
`,
      ),
      text(
        "primes.js",
        `/** The sieve of Eratosthenes. */
export function primesUpTo(limit) {
  const isComposite = new Array(limit + 1).fill(false);
  const primes = [];
  for (let number = 2; number <= limit; number++) {
    if (isComposite[number]) continue;
    primes.push(number);
    for (let multiple = number * number; multiple <= limit; multiple += number) isComposite[multiple] = true;
  }
  return primes;
}
`,
      ),
    ],
  },
  {
    id: "typescript",
    title: "TypeScript",
    description: "Types are stripped before it runs; nothing else changes.",
    main: at("main.ts"),
    load: async () => [
      text(
        "main.ts",
        `interface Reading {
  station: string;
  celsius: number;
}

const readings: Reading[] = [
  { station: "Oslo", celsius: -3.5 },
  { station: "Lima", celsius: 21.2 },
  { station: "Pune", celsius: 28.9 },
];

function warmest(list: readonly Reading[]): Reading | undefined {
  return list.toSorted((a, b) => b.celsius - a.celsius)[0];
}

console.log(\`Warmest: \${warmest(readings)?.station}\`);
display.json(readings);
`,
      ),
    ],
  },
  {
    id: "wasm",
    title: "A compiled program",
    description: "WebAssembly (WASI). A C program that adds up a CSV file; its source lies beside it.",
    main: at("aggregate.wasm"),
    args: "sales.csv summary.json",
    load: async () => {
      const [{ default: url }, source] = await Promise.all([
        import("../../../examples/aggregate/aggregate.wasm?url"),
        import("../../../examples/aggregate/aggregate.c?raw"),
      ]);
      const response = await fetch(url);
      if (!response.ok) throw new Error(`The module answered ${response.status}`);
      return [
        { path: at("aggregate.wasm"), content: await response.blob() },
        text("aggregate.c", source.default),
        text("sales.csv", SALES),
      ];
    },
  },
];

/** An example's files as the project holds them. */
export async function loadExample(
  example: Example,
): Promise<Pick<Project, "texts" | "data" | "tabs" | "exampleId" | "args">> {
  const texts: Record<string, TextFile> = {};
  const data: Record<string, DataFile> = {};
  for (const { path, content } of await example.load()) {
    if (typeof content === "string") texts[path] = { path, content, syncedContent: null, origin: "reader" };
    else data[path] = { path, blob: content, isSynced: false };
  }
  return { texts, data, tabs: [example.main], exampleId: example.id, args: example.args ?? "" };
}

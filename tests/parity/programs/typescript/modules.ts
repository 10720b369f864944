import type { Row } from "./rows.ts";
import { type Options, total } from "./rows.ts";

const rows: Row[] = [{ n: 1 }, { n: 2.5 }];
const options: Options = { round: true };
console.log(total(rows, options));

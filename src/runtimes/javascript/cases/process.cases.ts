import type { JavaScriptCase } from "./case.ts";

/** `process`, arguments and standard input. */
export const PROCESS_CASES: readonly JavaScriptCase[] = [
  {
    title: "readline gives lines and answers",
    stdin: "Ada\n1815\nrest\n",
    code: "import { createInterface } from 'node:readline/promises';\nconst rl = createInterface({ input: process.stdin });\nconst name = await rl.question('name? ');\nconst year = await rl.question('year? ');\nfor await (const line of rl) console.log('line', line);\nconsole.log(name, year);",
    expected: {
      stdout: "name? year? line rest\nAda 1815\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "a person is asked line by line",
    typed: ["Ada", "36"],
    code: "const name = await input('name: ');\nconst age = Number(await input('age: '));\nconsole.log(name, age + 1, await input());",
    expected: {
      stdout: "name: age: Ada 37 null\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "stdin events end",
    stdin: "abc",
    code: "let all = '';\nprocess.stdin.setEncoding('utf8');\nprocess.stdin.on('data', (chunk) => { all += chunk });\nprocess.stdin.on('end', () => console.log('got', all));",
    expected: {
      stdout: "got abc\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "process knows its arguments, environment and directory",
    args: ["--n", "3"],
    envs: {
      REGION: "eu",
    },
    code: "console.log(process.argv, process.env.REGION, process.cwd(), process.platform, process.exitCode);\nprocess.chdir('/tmp');\nconsole.log(process.cwd());",
    expected: {
      stdout: "[ 'javascript', '/workspace/main.js', '--n', '3' ] eu /workspace wasi undefined\n/tmp\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "process.exit ends at once, past catch, finally and timers",
    code: "setTimeout(() => console.log('no'), 0);\nprocess.on('exit', (code) => console.log('exit', code));\ntry { process.exit(7) } catch { console.log('no') } finally { console.log('no') }",
    expected: {
      stdout: "exit 7\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 7,
      },
    },
  },
  {
    title: "process.exitCode is the exit code",
    code: "process.exitCode = 4;\nconsole.log('on');",
    expected: {
      stdout: "on\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 4,
      },
    },
  },
];

// @ts-check
import { Sandbox } from "../../dist/lib/index.node.js";
import { createTasks } from "./sandbox-tasks.mjs";

/** The tasks in this process, with the server's cage. */
export const server = createTasks(Sandbox);

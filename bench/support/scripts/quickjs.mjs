// @ts-check
import { getQuickJS } from "quickjs-emscripten";

const QuickJS = await getQuickJS();
const vm = QuickJS.newContext();
const log = vm.newFunction("log", (text) => console.log(vm.dump(text)));
const guestConsole = vm.newObject();
vm.setProp(guestConsole, "log", log);
vm.setProp(vm.global, "console", guestConsole);
guestConsole.dispose();
log.dispose();
vm.unwrapResult(vm.evalCode("console.log(1)")).dispose();
vm.dispose();

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/glass.css";
import "./styles/console.css";
import "./styles/results.css";
import "./styles/files.css";
import "./styles/module.css";
import "./styles/phone.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { exposeGlobal } from "./global.ts";
import { session } from "./session.ts";
import { startProject } from "./start-project.ts";
import { followTheme } from "./theme.ts";

followTheme();
startProject();
session.anticipate();
exposeGlobal();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

/** The style sheet of the shadow root. */

import rich from "@shared/rich.css?inline";
import base from "./styles/base.css?inline";
import launcher from "./styles/launcher.css?inline";
import log from "./styles/log.css?inline";
import panel from "./styles/panel.css?inline";

export default base + launcher + panel + rich + log;

import "@tabler/core/dist/css/tabler.min.css";
import "./styles/desk.css";
import { startKeys } from "./keys.ts";
import { start } from "./start.ts";

start();
startKeys();

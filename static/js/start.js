import { initAll } from "/static/build/nhsuk-frontend.min.js";

initAll();

// Sugar only: every page is whole without it.
"use strict";

// After a refused form or a finished step the reader, and the screen reader, start there.
document.querySelector("[data-focus]")?.focus();

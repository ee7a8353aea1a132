import { choose, language } from './texts.js';
import { resume } from './session.js';
import { show } from './frame.js';

choose(language());
window.addEventListener('hashchange', show);
await resume();
show();

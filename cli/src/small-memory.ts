// Imported first, for its effect. This process waits nearly all the time: the optimising compiler, once used, would
// keep 6 MB of Node's own code resident, and a large heap would gain nothing.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--no-opt');
setFlagsFromString('--optimize-for-size');

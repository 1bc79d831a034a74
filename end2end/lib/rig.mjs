// A server and browsers for a program that is no journey: measurements, pictures.
import { Device } from '../pages/browser.mjs';
import { Server } from '../pages/server.mjs';
import { missing } from './settings.mjs';

/** Ends the program, in its name, when this machine lacks something. */
export function rig(name) {
  const lacks = missing();
  if (lacks) {
    console.error(`${name}: ${lacks}`);
    process.exit(1);
  }
  const [server, devices] = [new Server(), []];
  return {
    server,
    /** A browser with a profile of its own. */
    async device(...about) {
      const one = new Device(...about);
      devices.push(one);
      await one.start();
      return one;
    },
    async drop(one) {
      devices.splice(devices.indexOf(one), 1);
      await one.dispose();
    },
    async end() {
      await Promise.all(devices.map((one) => one.dispose()));
      await server.remove();
    },
  };
}

import type { LanguageSamples } from '../../../port/samples.ts';
import { htmlLeft } from './hostile-leavings.ts';
import { htmlReach } from './hostile-reach.ts';
import { htmlResources } from './hostile-resources.ts';
import { htmlPrograms } from './hostile.ts';
import { htmlStyles } from './styles.ts';

export const samples: LanguageSamples = {
  control: '<h1 style="color:teal">Innocent</h1><script>document.body.append(Math.random())</script>',
  variant: (color, index) =>
    `<!doctype html><body style="margin:0;background:linear-gradient(${color},white)"><h2>number ${index}</h2><script>document.body.append(Math.random(), ' ', new Date().getFullYear())</script>`,
  turns: 3,
  styles: htmlStyles,
  hostile: (targets) => ({
    ...htmlPrograms(targets),
    ...htmlLeft(targets),
    ...htmlReach(targets),
    ...htmlResources(targets),
  }),
  // WebRTC does not use a loopback interface, and a network of its own has no other. It sends to the canary only.
  reachesUnsandboxed: { 'a web socket': 'none', WebRTC: 'of the machine' },
};

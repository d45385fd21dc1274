import { attackEach } from './attack.ts';
import { pythonImages } from './programs/python-images.ts';
import { pythonReach } from './programs/python-reach.ts';
import { pythonResources } from './programs/python-resources.ts';
import { pythonState } from './programs/python-state.ts';

attackEach('python', (canary) => ({
  ...pythonResources(canary),
  ...pythonReach(canary),
  ...pythonState(canary),
  ...pythonImages(canary),
}));

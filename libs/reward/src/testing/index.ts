export { registry as toyRegistry } from './toy-registry.ts';

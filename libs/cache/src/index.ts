export { createHomeCaches, homeCacheNames } from './home-caches.ts';

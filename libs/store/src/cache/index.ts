export { createByteCache, type ByteCacheOptions } from './byte-cache.ts';
export { createHomeCaches, homeCacheNames } from './home-caches.ts';

export * from './environment.ts';
export * from './pages.ts';
export * from './render-service.ts';
export * from './reward-service.ts';

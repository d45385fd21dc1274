import type { NextConfig } from 'next';

/** A static export: the API serves `out/` from its own origin, so there is no server code and no image service here. */
const config: NextConfig = {
  output: 'export',
  // Set-up builds to a folder of its own first and puts it in place whole, so that no half-built page is ever served.
  ...(process.env.DASHBOARD_EXPORT_FOLDER ? { distDir: process.env.DASHBOARD_EXPORT_FOLDER } : {}),
  transpilePackages: ['@pentimento/api-contracts', '@pentimento/client', '@pentimento/contracts'],
  images: { unoptimized: true },
  reactStrictMode: true,
  // Types are checked by `tsc -p apps/dashboard`, once, and not again in every build.
  typescript: { ignoreBuildErrors: true },
};

export default config;

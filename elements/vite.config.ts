import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// The oldest browsers in the offices: Chromium 86 and Firefox ESR 102.
const browsers = ["chrome86", "firefox102"];

export default defineConfig({
  // Relative, so that the files work under any STATIC_URL.
  base: "./",
  build: {
    outDir: fileURLToPath(new URL("../guatu/server/frame/static/built", import.meta.url)),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: browsers,
    cssTarget: browsers,
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      // htmx holds one eval, which allowEval = false (src/frame.ts) never reaches.
      checks: { eval: false },
      input: { frame: "src/frame.ts", charts: "src/charts.ts" },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});

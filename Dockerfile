# The server with every language that it draws. docs/operations.md says how to run it: its sandbox needs user namespaces.
FROM node:24-bookworm-slim

# The packages of scripts/tasks/debian-packages.mjs and of the languages (debian.json), but for the tests; a test compares them.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    bubblewrap \
    chromium-headless-shell \
    cm-super-minimal \
    fonts-dejavu \
    fonts-liberation \
    fonts-noto-cjk \
    fonts-noto-color-emoji \
    latex-cjk-chinese-arphic-gbsn00lp \
    latex-cjk-common \
    lmodern \
    poppler-utils \
    python3-indigo \
    python3-matplotlib \
    python3-networkx \
    python3-pandas \
    python3-pil \
    python3-plotly \
    python3-rdkit \
    python3-scipy \
    python3-seaborn \
    texlive-fonts-recommended \
    texlive-lang-chinese \
    texlive-latex-base \
    texlive-latex-extra \
    texlive-luatex \
    texlive-music \
    texlive-pictures \
    texlive-plain-generic \
    texlive-science \
    texlive-xetex \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY . .
# The dashboard's build needs the sources and the development packages; both stay, for Node runs TypeScript as it is.
# npm's cache, the build's, and what onnxruntime brings for other systems would make the image hundreds of megabytes larger.
RUN npm run setup \
  && rm -rf /root/.npm apps/dashboard/.next node_modules/onnxruntime-node/bin/napi-v*/darwin node_modules/onnxruntime-node/bin/napi-v*/win32 \
  && mkdir /data && chown node:node /data

# Root may not start PostgreSQL; the sandbox needs no root either.
USER node
ENV PENTIMENTO_HOME=/data PENTIMENTO_HOST=0.0.0.0 PENTIMENTO_PORT=7400
EXPOSE 7400
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:7400/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/api/dist/main.js"]

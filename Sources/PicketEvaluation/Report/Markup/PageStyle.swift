/// The look of a report: one style sheet in the page, light and dark as the reader's system is.
enum PageStyle {
    static let sheet: Markup = """
        :root { color-scheme: light dark;
          --page: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #5b6675; --line: #dfe3e8; --grid: #e9ecf0;
          --accent: #1f5fbf; --accent-soft: #1f5fbf1c; --bad: #b3261e; --good: #1b7f4d; --clean: #8d99a8; --attack: #d0532b;
          --c0: #1f5fbf; --c1: #d0532b; --c2: #2a8f6d; --c3: #8a4fb5; --c4: #b8860b; --c5: #c2477f; --c6: #4a7a8c;
          --c7: #7a6a4f; }
        @media (prefers-color-scheme: dark) { :root {
          --page: #12161c; --card: #1a2029; --ink: #e4e9f0; --soft: #9aa7b8; --line: #2f3947; --grid: #27303c;
          --accent: #7db1ff; --accent-soft: #7db1ff24; --bad: #ff8a80; --good: #6fd3a0; --clean: #7b8898; --attack: #ff9366;
          --c0: #7db1ff; --c1: #ff9366; --c2: #63cfa6; --c3: #c79bf0; --c4: #e3b94d; --c5: #f08cb9; --c6: #86bccd;
          --c7: #c3b08b; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 28px 20px 60px; }
        h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -.01em; }
        h2 { font-size: 19px; margin: 0 0 4px; letter-spacing: -.005em; }
        h3 { font-size: 14px; margin: 18px 0 6px; }
        p { margin: 6px 0 10px; max-width: 78ch; }
        .lead, .note { color: var(--soft); } .note { font-size: 13px; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px;
          margin-top: 18px; overflow: hidden; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(158px, 1fr)); gap: 12px; margin-top: 16px; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; }
        .card b { display: block; font-size: 24px; font-weight: 620; line-height: 1.25; font-variant-numeric: tabular-nums;
          white-space: nowrap; }
        .card span { display: block; color: var(--soft); font-size: 12.5px; line-height: 1.35; }
        .card span.label { color: var(--ink); font-weight: 550; }
        .good b { color: var(--good); } .bad b { color: var(--bad); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; width: 100%; }
        th, td { padding: 5px 9px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { font-weight: 600; color: var(--soft); font-size: 12.5px; vertical-align: bottom; }
        th:first-child, td:first-child { text-align: left; }
        tr:last-child td { border-bottom: 0; }
        td small { color: var(--soft); margin-left: 5px; font-size: 11.5px; }
        td.heat { background: color-mix(in srgb, var(--accent) calc(var(--v) * 34%), transparent); }
        tr.total td { font-weight: 600; border-top: 2px solid var(--line); }
        .panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 14px; margin-top: 10px; }
        figure { margin: 0; } figcaption { font-size: 12.5px; font-weight: 600; margin-bottom: 2px; overflow-wrap: anywhere; }
        figcaption span { color: var(--soft); font-weight: 400; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--ink); font: 11px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
        svg .tick, svg .caption, svg .remark { fill: var(--soft); font-size: 10px; }
        svg .name, svg .figure { font-size: 12px; }
        svg .grid { stroke: var(--grid); stroke-width: 1; }
        svg .mark { stroke: var(--bad); stroke-width: 1.4; stroke-dasharray: 4 3; }
        svg .mark.second { stroke: var(--soft); }
        svg .whisker { stroke: var(--accent); stroke-width: 2; opacity: .55; }
        svg .dot { fill: var(--accent); } svg .hollow { fill: var(--card); stroke: var(--accent); stroke-width: 1.6; }
        svg .line { fill: none; stroke-width: 1.2; opacity: .8; } svg .chain { stroke-width: 2.6; opacity: 1; }
        svg .s0 { stroke: var(--c0); } svg .s1 { stroke: var(--c1); } svg .s2 { stroke: var(--c2); }
        svg .s3 { stroke: var(--c3); } svg .s4 { stroke: var(--c4); } svg .s5 { stroke: var(--c5); }
        svg .s6 { stroke: var(--c6); } svg .s7 { stroke: var(--c7); }
        svg .point { fill: var(--card); stroke-width: 1.8; }
        svg .fill-clean { fill: var(--clean); opacity: .6; } svg .fill-attack { fill: var(--attack); opacity: .6; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 12.5px; margin: 8px 0 0; color: var(--soft); }
        .legend i { display: inline-block; width: 18px; height: 0; border-top: 3px solid; vertical-align: middle;
          margin-right: 6px; } .legend i.box { height: 10px; border: 0; width: 12px; border-radius: 2px; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px; margin-top: 10px; }
        .pictures img { image-rendering: pixelated; width: 100%; display: block; background: var(--grid); }
        .pictures .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 3px; border-radius: 6px; overflow: hidden; }
        .pictures .pair.one { grid-template-columns: 1fr; max-width: 112px; }
        .pictures figcaption { font-weight: 400; margin-top: 4px; line-height: 1.35; }
        pre { overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px;
          font: 12.5px/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; margin: 8px 0; }
        code { font: 12px ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; white-space: normal; }
        td.parts { white-space: normal; text-align: left; font-size: 12px; min-width: 220px; }
        .listed th:last-child { text-align: left; }
        td code { font-size: 11.5px; } .wide td { white-space: normal; text-align: left; } .wide th { text-align: left; }
        @media print { body { background: #fff; } section, .card { break-inside: avoid; } }
        """
}

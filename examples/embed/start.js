// Starts a job and shows it. Where the server has a token, a back end does this.
const bar = document.querySelector("job-progress");
const server = new URL("..", document.querySelector("script[src*='/embed/']").src);

document.querySelector("#start").onclick = async () => {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ type: "import", name: "Import of 10,000 rows", input: { rows: 10_000 } });
  const answer = await fetch(new URL("api/v1/jobs", server), { method: "POST", headers, body });
  bar.jobId = (await answer.json()).id;
};

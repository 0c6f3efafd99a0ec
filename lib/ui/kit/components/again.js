// Asks every now and then, as long as it is on the page, that the fragment around it be drawn again.

export default function ({ data: [data], parentElement, setTriggerValue }) {
  clearInterval(parentElement.asking);
  parentElement.asking = setInterval(() => setTriggerValue("again", data.drawing), 1000 * data.seconds);
  return () => clearInterval(parentElement.asking);
}

// A soft sound for a new conversation in the queue, only when the agent switched it on.

const KEY = "loket-desk-sound";
let audio = null;

export function setUpSound() {
  const choice = document.getElementById("sound");
  if (!choice) return;
  choice.checked = on();
  choice.addEventListener("change", () => {
    localStorage.setItem(KEY, choice.checked ? "1" : "");
    if (choice.checked) ring();
  });
}

export function ring() {
  if (!on()) return;
  audio ??= new AudioContext();
  const now = audio.currentTime;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.setValueAtTime(660, now);
  tone.frequency.setValueAtTime(880, now + 0.12);
  volume.gain.setValueAtTime(0.08, now);
  volume.gain.exponentialRampToValueAtTime(0.001, now + 0.4);
  tone.connect(volume).connect(audio.destination);
  tone.start(now);
  tone.stop(now + 0.4);
}

function on() {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}

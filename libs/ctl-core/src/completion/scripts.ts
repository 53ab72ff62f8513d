import type { Shell } from './shells.js';

const bash = String.raw`# Completion of tunasynctl for bash. In ~/.bashrc: source <(tunasynctl completion bash)
_tunasynctl() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    COMPREPLY+=("$(printf '%q' "${'$'}{line%%$'\t'*}")")
  done < <(tunasynctl complete -- "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _tunasynctl tunasynctl
`;

const zsh = String.raw`#compdef tunasynctl
# Completion of tunasynctl for zsh. In ~/.zshrc, after compinit: source <(tunasynctl completion zsh)
_tunasynctl() {
  local line word
  local -a candidates
  for line in "${'$'}{(@f)$(tunasynctl complete -- "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      _files
      return
    fi
    [[ -n $line ]] || continue
    word=${'$'}{${'$'}{line%%$'\t'*}//:/\\:}
    if [[ $line == *$'\t'* ]]; then
      candidates+=("$word:${'$'}{line#*$'\t'}")
    else
      candidates+=("$word")
    fi
  done
  _describe 'tunasynctl' candidates
}
if [[ ${'$'}{funcstack[1]-} == _tunasynctl ]]; then
  _tunasynctl "$@"
else
  compdef _tunasynctl tunasynctl
fi
`;

const fish = String.raw`# Completion of tunasynctl for fish. tunasynctl completion fish > ~/.config/fish/completions/tunasynctl.fish
function __tunasynctl_complete
    set -l before (commandline -opc)
    set -l lines (tunasynctl complete -- $before[2..-1] (commandline -ct) 2>/dev/null)
    if test "$lines[1]" = :files
        __fish_complete_path (commandline -ct)
    else if test (count $lines) -gt 0
        printf '%s\n' $lines
    end
end
complete -c tunasynctl -f -a '(__tunasynctl_complete)'
`;

/** The scripts that make shells call `tunasynctl complete` for the possible words at the cursor. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

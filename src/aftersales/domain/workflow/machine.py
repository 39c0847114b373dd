"""One state machine a workflow version, moved with a throw-away cursor. Home of `transitions`."""

from transitions import Machine, MachineError

from aftersales.domain.errors import InvariantBroken
from aftersales.domain.workflow.definition import Transition, Workflow

REOPEN = "reopen"


class _Cursor:
    """Where one case stands during one decision."""

    def __init__(self, state: str) -> None:
        self.state = state


class WorkflowMachine:
    """Which events a state knows, and where a chosen transition leads.

    Who may and which guard holds is judged by the case, on facts the machine knows nothing of;
    the machine is handed the one transition that was chosen and refuses any that is not there.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._machine = Machine(
            model=None,
            states=list(workflow.states),
            initial=workflow.starts_in,
            auto_transitions=False,
        )
        for state in workflow.states.values():
            for event in self.events_of(state.name):
                for transition in self.ways(state.name, event):
                    self._add(state.name, transition)
            if state.reopen is not None:
                self._add(state.name, _reopening(state.reopen.go_to, state.reopen.by))

    def events_of(self, state: str) -> tuple[str, ...]:
        """The events `state` accepts, its own first, then those accepted anywhere."""
        here = self.workflow.states[state]
        if here.is_final:
            return ()
        return tuple(here.events) + tuple(e for e in self.workflow.anywhere if e not in here.events)

    def ways(self, state: str, event: str) -> tuple[Transition, ...]:
        """The transitions of `event` in `state`: the state's own hide those of `anywhere`."""
        here = self.workflow.states[state]
        if here.is_final:
            return ()
        return here.events.get(event) or self.workflow.anywhere.get(event, ())

    def move(self, state: str, chosen: Transition) -> str:
        """The state `chosen` leads to from `state`. InvariantBroken if it does not start there."""
        cursor = _Cursor(state)
        try:
            moved = self._machine.events[chosen.event].trigger(cursor, chosen)
        except (KeyError, MachineError) as error:
            raise InvariantBroken(f"`{chosen.event}` does not start in `{state}`") from error
        if not moved:
            raise InvariantBroken(f"`{chosen.event}` was not chosen among those of `{state}`")
        return cursor.state

    def reopened(self, state: str) -> str:
        """The state in which a case closed in `state` starts its next round."""
        reopen = self.workflow.states[state].reopen
        if reopen is None:
            raise InvariantBroken(f"`{state}` cannot be reopened")
        return self.move(state, _reopening(reopen.go_to, reopen.by))

    def _add(self, source: str, transition: Transition) -> None:
        def is_chosen(chosen: Transition) -> bool:
            return chosen == transition

        self._machine.add_transition(
            transition.event, source, transition.go_to, conditions=[is_chosen]
        )


def _reopening(go_to: str, by: tuple[str, ...]) -> Transition:
    return Transition(REOPEN, by=by, go_to=go_to)

using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing.Flow;

/// <summary>
/// Goes through a method body once, along all its paths, and notes what each value depends on. Places that are reached from several
/// others get nodes of their own, which those lead to, so that no second round is needed.
/// </summary>
internal sealed class BodyWalk
{
    private readonly MethodFlow _flow;
    private readonly ResolvedBody _body;
    private readonly InstructionFlow _instructions;
    private readonly LoopRanges _loops;
    private readonly Dictionary<int, int> _indices = [];
    private readonly Dictionary<int, int> _ways = [];
    private readonly Dictionary<int, FlowState> _opened = [];
    private readonly HashSet<int> _visited = [];
    private readonly Stack<(int Index, FlowState State)> _pending = [];

    public BodyWalk(ICodeFlow program, MethodFlow flow)
    {
        _flow = flow;
        _body = flow.Body;
        _loops = new LoopRanges(_body);
        _instructions = new InstructionFlow(program, flow, _loops);
        foreach ((int index, IlInstruction instruction) in _body.Instructions.Index())
        {
            _indices[instruction.Offset] = index;
            foreach (int target in instruction.TargetsIn(_body.Il))
                AddWay(target);
            if (!instruction.EndsPath)
                AddWay(instruction.End);
        }
    }

    /// <summary>Goes through it.</summary>
    /// <exception cref="RewriteException">The body names something unknown, or calls through a function pointer.</exception>
    public void Run()
    {
        AddWay(0);
        Arrive(0, new FlowState([.. _body.Body.LocalVariables.Select(_instructions.Initial)], []));
        while (_pending.TryPop(out (int Index, FlowState State) next))
            Walk(next.Index, next.State);
    }

    private void AddWay(int target) => _ways[target] = _ways.GetValueOrDefault(target) + 1;

    private void Walk(int index, FlowState state)
    {
        for (; index < _body.Instructions.Count; index++)
        {
            IlInstruction instruction = _body.Instructions[index];
            EnterTries(instruction.Offset, state);
            if (instruction.IsConditional)
                AddCondition(instruction, state);
            else if (IsStore(instruction))
                Store(instruction, state);
            else if (!instruction.IsBranch)
                _instructions.Apply(instruction, state);
            int[] targets = instruction.TargetsIn(_body.Il);
            FlowState left = instruction.OpCode == OpCodes.Leave || instruction.OpCode == OpCodes.Leave_S ? state.WithStack() : state;
            foreach (int target in targets)
                Arrive(target, left);
            if (instruction.EndsPath)
                return;
            if (_ways.GetValueOrDefault(instruction.End) > 1)
            {
                Arrive(instruction.End, state);
                return;
            }
        }
    }

    /// <summary>Comes to an instruction from another one.</summary>
    private void Arrive(int offset, FlowState state)
    {
        if (_ways.GetValueOrDefault(offset) <= 1)
        {
            if (_visited.Add(offset))
                _pending.Push((_indices[offset], state.Copy()));
            return;
        }
        if (_opened.TryGetValue(offset, out FlowState? opened))
        {
            state.FlowTo(opened);
            return;
        }
        _opened[offset] = opened = state.Open();
        state.FlowTo(opened);
        _pending.Push((_indices[offset], opened.Copy()));
    }

    /// <summary>At the start of a protected block its handlers are reached, with what the variables hold by then.</summary>
    private void EnterTries(int offset, FlowState state)
    {
        foreach (ExceptionHandlingClause clause in _body.Body.ExceptionHandlingClauses)
        {
            if (clause.TryOffset != offset)
                continue;
            FlowState thrown = clause.Flags switch
            {
                ExceptionHandlingClauseOptions.Clause => state.WithStack(FlowValue.Clean(clause.CatchType)),
                ExceptionHandlingClauseOptions.Filter => state.WithStack(FlowValue.Clean(typeof(Exception))),
                _ => state.WithStack(),
            };
            Reach(clause.HandlerOffset, thrown);
            if (clause.Flags == ExceptionHandlingClauseOptions.Filter)
                Reach(clause.FilterOffset, thrown);
        }
    }

    private void Reach(int handler, FlowState state)
    {
        _ways[handler] = 2; // from anywhere in the block
        Arrive(handler, state);
    }

    private static bool IsStore(IlInstruction instruction) => InstructionNames.FamilyOf(instruction.OpCode) == "stloc";

    private void Store(IlInstruction instruction, FlowState state)
    {
        int local = InstructionNames.VariableOf(_body, instruction);
        FlowValue stored = _instructions.Store(local, state.Pop(), state, instruction.Offset);
        foreach (ExceptionHandlingClause clause in _body.Body.ExceptionHandlingClauses)
        {
            bool isInside = clause.TryOffset <= instruction.Offset && instruction.Offset < clause.TryOffset + clause.TryLength;
            if (!isInside)
                continue;
            MergeInto(clause.HandlerOffset, local, stored);
            if (clause.Flags == ExceptionHandlingClauseOptions.Filter)
                MergeInto(clause.FilterOffset, local, stored);
        }
    }

    private void MergeInto(int handler, int local, FlowValue stored)
    {
        if (_opened.TryGetValue(handler, out FlowState? opened))
            FlowState.Merge(stored, opened.Locals[local]);
    }

    private void AddCondition(IlInstruction instruction, FlowState state)
    {
        int operands = instruction.OpCode.StackBehaviourPop == StackBehaviour.Pop1_pop1 ? 2 : 1;
        FlowNode[] compared = [.. state.Pop(operands).Select(value => value.Own).OfType<FlowNode>().Distinct()];
        if (compared.Length == 0)
            return;
        var node = new FlowNode();
        foreach (FlowNode value in compared)
            value.FlowTo(node, FlowEdge.Value);
        _flow.Conditions.Add(new FlowCondition(instruction, node));
        _loops.AddCondition(instruction, instruction.TargetsIn(_body.Il), node);
    }
}

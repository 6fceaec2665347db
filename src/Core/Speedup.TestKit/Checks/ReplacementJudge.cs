using System.Collections.ObjectModel;
using Speedup.Abstractions;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>
/// Holds what takes the place of a call against the masked one, alone: so a fault is found where it is made, before the network around it goes
/// wrong. Where something is wrong, other plans are tried, until they tell whose fault it is.
/// </summary>
/// <param name="call">Calls what is tested.</param>
/// <param name="masked">The module with its masks in the parameters, for where the old one serves; null where a function is tested.</param>
/// <param name="seen">A pass through the masked network.</param>
/// <param name="log">What the handler has said.</param>
internal sealed class ReplacementJudge(SubjectCall call, nn.Module? masked, Observation seen, HandlerLog log) : IReplacementJudge
{
    private readonly Trial _trial = new(seen);

    /// <summary>What makes inputs of a function out of those that were seen, element by element.</summary>
    public Func<Tensor[], Tensor[]> Prepare { get; init; } = inputs => inputs;

    /// <inheritdoc/>
    public Finding? Judge(IModuleHandler handler, IReplacement replacement, SmallModule? small, nn.Module? built)
    {
        if (!HasShapesOf(replacement) || (small is null && !new CutGroups(replacement, log.Ties!).Any))
            return null;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        TrialResult first = built is null
            ? new TrialResult { Message = "it throws where it builds the module" }
            : _trial.Run(replacement, inputs => Call(small is null ? masked! : built, inputs));
        if (built is not null && small is { ShrinksInside: false } && FindUntied(handler, replacement, built) is { } untied)
            return untied;
        if (first.IsRight)
            return null;
        Finding found = new Blame(handler, replacement, log, plan => Build(handler, plan)).Of(first, BuildsModules(replacement, small));
        return built is null && found.Function == nameof(IModuleHandler.Replace) ? null : found; // its own exception says more
    }

    /// <inheritdoc/>
    public Finding? Judge(IFunctionHandler handler, IReplacement replacement)
    {
        if (!IsSeen(replacement, seen with { Inputs = Prepare([.. seen.Inputs]) }) || !new CutGroups(replacement, log.Ties!).Any)
            return null;
        TrialResult first = Repeat(handler, replacement);
        if (first.IsRight)
            return null;
        bool builds = handler.Replace(replacement).Count > 0 || (!first.HasShapes && HasNumbers(replacement));
        return new Blame(handler, replacement, log, plan => Repeat(handler, plan)).Of(first, builds);
    }

    /// <summary>Whether a call of a function is all that the subject does: repeated on what the subject was given it yields what the subject did.</summary>
    public static bool IsSeen(IOperator op, Observation seen)
    {
        if (!RepeatedFunction.CanCall(op) || op.InputCount > seen.Inputs.Count || op.OutputCount != seen.Outputs.Count)
            return false;
        using var scope = NewDisposeScope();
        try
        {
            Tensor[] again = RepeatedFunction.Call(op, ReadOnlyDictionary<string, object?>.Empty, seen.Inputs);
            return again.Length == seen.Outputs.Count && again.Zip(seen.Outputs).All(pair => Bits.AreSame(pair.First, pair.Second));
        }
        catch (System.Reflection.TargetInvocationException)
        {
            return false; // it was called with other tensors than the subject's
        }
    }

    /// <summary>Whether the module is given and yields what the subject does; not so where the subject pools first, say.</summary>
    private bool HasShapesOf(IOperator op) =>
        op.InputCount <= seen.Inputs.Count
        && Enumerable.Range(0, op.InputCount).All(p => op.Input(p).Shape.SequenceEqual(seen.Inputs[p].shape))
        && Enumerable
            .Range(0, Math.Min(op.OutputCount, seen.Outputs.Count))
            .All(q => op.Output(q).Shape.SequenceEqual(seen.Outputs[q].shape));

    private static bool BuildsModules(IReplacement replacement, SmallModule? small) =>
        small is not null || Bits.Of(replacement.Module!).Any();

    private static bool HasNumbers(IReplacement replacement) =>
        replacement.Method!.GetParameters().Any(parameter => replacement.FindArgument(parameter.Name!) is long or int or long[] or int[]);

    private Tensor[] Call(nn.Module module, Tensor[] inputs)
    {
        bool trains = module.training;
        try
        {
            module.eval();
            return call(module, inputs);
        }
        finally
        {
            module.train(trains);
        }
    }

    /// <summary>Builds a module for another plan, and tries it.</summary>
    private TrialResult Build(IModuleHandler handler, IReplacement plan)
    {
        nn.Module? built = null;
        try
        {
            return _trial.Run(plan, inputs => Call((built = handler.Replace(plan)?.Build()) ?? masked!, inputs));
        }
        finally
        {
            if (!ReferenceEquals(built, plan.Module))
                built?.Dispose();
        }
    }

    private TrialResult Repeat(IFunctionHandler handler, IReplacement plan) =>
        _trial.Run(plan, inputs => RepeatedFunction.Call(plan, handler.Replace(plan), Prepare(inputs)));

    /// <summary>A row of a parameter that went although no tie says so: nobody else knows, who shares the parameter or reads it.</summary>
    private Finding? FindUntied(IModuleHandler handler, IReplacement replacement, nn.Module built)
    {
        foreach ((string name, Tensor value) in Bits.Of(built))
        {
            if (replacement.FindParameter(name) is not { } facts || facts.Facts.Rank != value.dim())
                continue;
            for (int axis = 0; axis < facts.Facts.Rank; axis++)
            {
                var reference = AxisRef.OfParameter(name, axis);
                int kept = replacement.Kept(reference).Count;
                bool isTied = log.Ties!.IsClaimed(reference);
                if (kept == value.shape[axis] || (axis > 0 && !isTied && !IsCutByAPort(replacement, facts, axis, value)))
                    continue;
                string message =
                    $"'{name}' of the new module has {value.shape[axis]} indices on axis {axis}, and by the ties {kept} of {facts.Facts.Shape[axis]} stay. "
                    + (isTied ? "Cut it by the axis that it is tied to." : "Tie this axis to the one that Replace cuts it by.");
                return new Finding(KitFaultKind.Soundness, message)
                {
                    Handler = handler,
                    Function = isTied ? nameof(IModuleHandler.Replace) : nameof(IOperatorHandler.Relate),
                    Axis = reference,
                };
            }
        }
        return null;
    }

    /// <summary>
    /// Whether an axis of a parameter was cut as an axis of an input or output is: what is shorter, as the columns of a group, has none to be tied to.
    /// </summary>
    private bool IsCutByAPort(IReplacement replacement, ParameterFacts facts, int axis, Tensor value)
    {
        AxisRef[] ports =
        [
            .. CutGroups
                .Ports(replacement)
                .Where(port =>
                    replacement.Facts(port).Length == facts.Facts.Shape[axis] && replacement.Kept(port).Count < facts.Facts.Shape[axis]
                )
                .Where(port => !Others().Any(other => log.Ties!.AreTied(other, 0, port, 0))), // that is the other axis's port
        ];
        Tensor rest = facts.Masked();
        foreach (AxisRef other in Others().Where(other => replacement.Kept(other).Count < replacement.Facts(other).Length))
            rest = replacement.SelectKept(rest, other.Axis, other);
        return Array.Exists(ports, port => Bits.AreSame(replacement.SelectKept(rest, axis, port), value));

        IEnumerable<AxisRef> Others() =>
            Enumerable.Range(0, facts.Facts.Rank).Where(other => other != axis).Select(other => AxisRef.OfParameter(facts.Name, other));
    }
}

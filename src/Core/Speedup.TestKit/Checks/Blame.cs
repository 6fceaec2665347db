using Speedup.Abstractions;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Reports;

namespace Speedup.TestKit.Checks;

/// <summary>
/// Tells which function is at fault where what takes the place of a call is wrong, though the facts hold: by trying other plans, with some of
/// what goes left where it is, or with a parameter's axis tied to another one.
/// </summary>
/// <param name="handler">The handler under test.</param>
/// <param name="plan">What is left by the engine's plan.</param>
/// <param name="log">What the handler has said.</param>
/// <param name="attempt">Has the handler build what takes the place by another plan, and tries that.</param>
internal sealed class Blame(IOperatorHandler handler, IReplacement plan, HandlerLog log, Func<IReplacement, TrialResult> attempt)
{
    private const int MostSelections = 24;
    private const string Relate = nameof(IOperatorHandler.Relate);
    private const string Constrain = nameof(IOperatorHandler.Constrain);
    private const string Replace = nameof(IModuleHandler.Replace);
    private readonly CutGroups _cut = new(plan, log.Ties!);

    /// <summary>Whose fault it is.</summary>
    /// <param name="first">What is wrong by the engine's plan.</param>
    /// <param name="builds">Whether <c>Replace</c> has anything to build.</param>
    public Finding Of(TrialResult first, bool builds)
    {
        if (builds && !attempt(Without([])).IsRight)
            return Say(Replace, first, "It is wrong where nothing goes, too.");
        if (FindTie() is { } tie)
            return Say(
                Relate,
                first with
                {
                    Axis = tie.Axis,
                    Indices = [],
                },
                $"With {tie.Axis.Describe()} tied to {tie.Other.Describe()} it is right: tie them."
            );
        IReadOnlyList<IReadOnlyList<(AxisRef, int)>> constants = _cut.OfConstants;
        if (first.IsAlikeInSamples && constants.Count > 0 && attempt(Without(constants)).IsRight)
            return OfConstants(first, constants, builds);
        if (DependsOnCompany(first.HasShapes))
            return Say(Constrain, AtCut(first), "With less removed it is right: keep what it cannot do without.");
        return builds
            ? Say(Replace, first, "No constant went that is to be folded: it cuts or computes wrongly.")
            : Say(
                Relate,
                AtCut(first),
                "There is nothing to build: tie what goes together, and release no axis whose indices the others need."
            );
    }

    /// <summary>A constant that went is missed: a bias of the wrong size is one number at every place; what none can mend has to stay.</summary>
    private Finding OfConstants(TrialResult first, IReadOnlyList<IReadOnlyList<(AxisRef Axis, int Index)>> constants, bool builds)
    {
        AxisRef axis = constants[0].First(place => place.Axis.Kind == PortKind.Input).Axis;
        int[] gone = [.. constants.SelectMany(group => group).Where(place => place.Axis == axis).Select(place => place.Index).Order()];
        TrialResult there = first with { Axis = axis, Indices = gone };
        bool hasCarrier = plan.Kept(axis).Any(i => plan.Facts(axis).IsConstant(i) && plan.Facts(axis).ConstantAt(i) != 0);
        if (builds && (first.IsShifted || hasCarrier))
            return Say(Replace, there, "It is right where these constants stay: it does not fold them, or folds them wrongly.");
        return Say(
            Constrain,
            there,
            "It is right where these constants stay, and off by another number from place to place where they go, so that no bias can make up for them: keep what carries them."
        );
    }

    /// <summary>An axis of a parameter that had to go with an axis of an input or output.</summary>
    private (AxisRef Axis, AxisRef Other)? FindTie()
    {
        if (plan.Module is not { } module)
            return null;
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters())
            for (int axis = 0; axis < parameter.dim(); axis++)
            {
                var reference = AxisRef.OfParameter(name, axis);
                foreach (AxisRef port in CutGroups.Ports(plan).Where(port => plan.Facts(port).Length == parameter.shape[axis]))
                {
                    if (plan.FindParameter(name) is null || plan.Kept(port).SequenceEqual(plan.Kept(reference)))
                        continue;
                    var tied = new SubPlan(plan);
                    tied.Follow(reference, port);
                    if (attempt(tied).IsRight)
                        return (reference, port);
                }
            }
        return null;
    }

    /// <summary>The plan in which some groups stay; all of them if none is given.</summary>
    private SubPlan Without(IReadOnlyList<IReadOnlyList<(AxisRef Axis, int Index)>> staying)
    {
        var result = new SubPlan(plan);
        foreach (IReadOnlyList<(AxisRef Axis, int Index)> group in staying.Count == 0 ? _cut.All : staying)
            result.Restore(group);
        return result;
    }

    /// <summary>
    /// Whether it depends on what else goes whether a group can. A wrong cut may be right by chance, as one that takes the first rows is where the
    /// last ones go; but two that can only go together are a matter of the plan.
    /// </summary>
    private bool DependsOnCompany(bool onlyTogether)
    {
        int count = _cut.All.Count;
        if (count == 1)
            return false;
        bool[] alone = [.. Enumerable.Range(0, Math.Min(count, MostSelections)).Select(i => attempt(With([i])).IsRight)];
        if (!onlyTogether && alone.Contains(true))
            return true;
        return (
            from i in Enumerable.Range(0, alone.Length)
            from j in Enumerable.Range(i + 1, alone.Length - i - 1)
            where count > 2 && !alone[i] && !alone[j]
            select With([i, j])
        )
            .Take(MostSelections)
            .Any(pair => attempt(pair).IsRight);
    }

    private SubPlan With(int[] going) => Without([.. _cut.All.Where((_, i) => !going.Contains(i))]);

    /// <summary>The result, at what goes, where it tells no place itself.</summary>
    private TrialResult AtCut(TrialResult result)
    {
        AxisRef axis = _cut.All[0][0].Axis;
        return result with { Axis = axis, Indices = [.. _cut.RemovedOn(axis)] };
    }

    private Finding Say(string function, TrialResult result, string hint) =>
        new(KitFaultKind.Soundness, $"By the facts it may be so, but {result.Message}. {hint}")
        {
            Handler = handler,
            Function = function,
            Axis = result.Axis,
            Indices = result.Indices,
        };
}

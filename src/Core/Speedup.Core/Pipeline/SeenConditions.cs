using System.Globalization;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Reporting;

namespace Speedup.Core.Pipeline;

/// <summary>
/// Puts together how the conditions of a model came out in several passes, each of which is verified. What is left out depends on nothing
/// that changes, by an analysis of the code that adds a kind wherever a value of that kind may get to, and came out alike in all passes.
/// </summary>
internal static class SeenConditions
{
    /// <summary>The conditions that depend on anything that may differ from pass to pass.</summary>
    public static IReadOnlyList<ConditionReport> Merge(IEnumerable<ModelGraph> passes)
    {
        ModelGraph[] traced = [.. passes.Where(pass => pass.Nodes.Count > 0)];
        return
        [
            .. traced
                .SelectMany(pass => pass.Conditions)
                .GroupBy(count => count.Condition, ReferenceEqualityComparer.Instance)
                .Select(group => Merge([.. group], traced.Length))
                .Where(report => report.Kind != ConditionKind.None)
                .OrderBy(report => report.Method, StringComparer.Ordinal)
                .ThenBy(report => report.Where, StringComparer.Ordinal),
        ];
    }

    /// <summary>Refuses what was not verified on all sides.</summary>
    /// <exception cref="SpeedupException">A condition came out one way only.</exception>
    public static void Demand(IReadOnlyList<ConditionReport> conditions)
    {
        ConditionReport[] open = [.. conditions.Where(condition => !condition.IsVerified)];
        if (open is not [var first, ..])
            return;
        string unseen = string.Join(
            ", ",
            first.Outcomes.Where(outcome => outcome is { Most: 0, Throws: false }).Select(outcome => outcome.LeadsTo)
        );
        string others = open.Length > 1 ? $" {open.Length - 1} more like it are in the code." : "";
        throw new SpeedupException(
            "SPD6010",
            $"A condition in {first.Method} ({first.Where}) depends on {Describe(first.Kind)}, and no verified pass went on at {unseen}; strict mode is "
                + $"on.{others} Give inputs in SpeedupOptions.OtherInputs that do, or turn strict mode off and read SpeedupReport.Conditions; the "
                + "model is unchanged."
        );
    }

    private static ConditionReport Merge(ConditionCount[] counts, int passes)
    {
        TracedCondition condition = counts[0].Condition;
        ConditionKind kind = condition.FindKinds();
        if (kind == ConditionKind.None && counts.Select(SidesSeen).Distinct(StringComparer.Ordinal).Count() > 1)
            kind = ConditionKind.Unknown;
        if (kind == ConditionKind.None)
            return new ConditionReport(condition.Method, "", kind, []);
        bool wasMissed = counts.Length < passes;
        IEnumerable<ConditionOutcome> outcomes = condition.Sides.Count == 0 ? Indices(counts, wasMissed) : Sides(counts, wasMissed);
        return new ConditionReport(condition.Method, condition.NamePlace(condition.Offset), kind, [.. outcomes]);
    }

    private static IEnumerable<ConditionOutcome> Sides(ConditionCount[] counts, bool wasMissed)
    {
        TracedCondition condition = counts[0].Condition;
        string[] names = NameSides(condition);
        return condition.Sides.Select(
            (side, i) =>
                new ConditionOutcome(
                    names[i],
                    wasMissed ? 0 : counts.Min(count => count.Counts[i]),
                    counts.Max(count => count.Counts[i]),
                    side.Throws
                )
        );
    }

    /// <summary>Indices, and what functions answer, are told by their range; one that was always the same could have been another.</summary>
    private static IEnumerable<ConditionOutcome> Indices(ConditionCount[] counts, bool wasMissed)
    {
        long least = counts.Min(count => count.Indices!.Value.Least);
        long greatest = counts.Max(count => count.Indices!.Value.Greatest);
        bool isAnswer = counts[0].Condition.IsAnswer;
        string name =
            isAnswer ? NameAnswers(least, greatest)
            : least == greatest ? $"index {least}"
            : $"indices {least} to {greatest}";
        yield return new ConditionOutcome(
            name,
            wasMissed ? 0 : counts.Min(count => count.Counts[0]),
            counts.Max(count => count.Counts[0]),
            Throws: false
        );
        if (least == greatest)
            yield return new ConditionOutcome(isAnswer ? NameAnswers(1 - least, 1 - least) : "another index", 0, 0, Throws: false);
    }

    private static string NameAnswers(long least, long greatest) =>
        least == greatest
            ? least == 0
                ? "false"
                : "true"
            : "false or true";

    /// <summary>The outcomes of one pass; an index may be counted by a loop, which is then listed.</summary>
    private static string SidesSeen(ConditionCount count) =>
        count.Condition switch
        {
            { IsAnswer: true } => $"{count.Indices}",
            { Sides.Count: 0 } => "",
            _ => string.Join(',', count.Counts.Select(times => times > 0 ? '+' : '-')),
        };

    /// <summary>Sides within one line are told apart by their offsets.</summary>
    private static string[] NameSides(TracedCondition condition)
    {
        string[] names = [.. condition.Sides.Select(side => condition.NamePlace(side.Offset))];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? names
            : [.. names.Zip(condition.Sides, (name, side) => string.Create(CultureInfo.InvariantCulture, $"{name} (IL_{side.Offset:x4})"))];
    }

    private static string Describe(ConditionKind kind) =>
        string.Join(" and ", Enum.GetValues<ConditionKind>().Where(one => one != 0 && kind.HasFlag(one)).Select(Name));

    private static string Name(ConditionKind kind) =>
        kind switch
        {
            ConditionKind.Size => "a size",
            ConditionKind.Value => "a tensor's values",
            ConditionKind.State => "state that the pass writes",
            ConditionKind.Time => "the time",
            ConditionKind.Environment => "the environment",
            ConditionKind.Random => "a random number",
            _ => "something that differs from pass to pass",
        };
}

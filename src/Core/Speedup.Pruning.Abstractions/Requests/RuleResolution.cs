using System.Text.RegularExpressions;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Finds the layers of a model that rules are about.</summary>
internal sealed class RuleResolution(nn.Module model, IReadOnlyList<string> defaultOpTypes)
{
    private const string Default = "default";
    private readonly (string Path, nn.Module Module)[] _modules =
    [
        .. model.named_modules().Where(item => item.name.Length > 0).Select(item => (item.name, item.module)),
    ];

    /// <summary>The last rule that fits a layer counts.</summary>
    public PruningTargets Resolve(IReadOnlyList<PruningRule> rules)
    {
        var faults = new List<string>();
        var chosen = new Dictionary<string, PruningRule>(StringComparer.Ordinal);
        for (int i = 0; i < rules.Count; i++)
        {
            string[] faultsOfValues = [.. FaultsOf(rules[i])];
            (string Path, nn.Module Module)[] layers = [.. _modules.Where(item => Fits(rules[i], item.Path, item.Module))];
            if (layers.Length == 0)
                faultsOfValues = [.. faultsOfValues, $"fits no layer with a weight{Hint(rules[i])}"];
            faults.AddRange(faultsOfValues.Select(fault => $"\n  rule {i + 1} ({Describe(rules[i])}) {fault}"));
            foreach ((string path, nn.Module _) in layers)
                chosen[path] = rules[i];
        }
        if (faults.Count > 0)
            throw new PruningException(
                PruningCodes.BadRules,
                $"The rules do not fit the model. Correct them; nothing was pruned.{string.Concat(faults)}"
            );
        return new PruningTargets(
            [.. _modules.Where(item => chosen.TryGetValue(item.Path, out PruningRule? rule) && !rule.Exclude).Select(Target)],
            chosen.Where(choice => choice.Value.Exclude).Select(choice => choice.Key).ToHashSet(StringComparer.Ordinal)
        );

        PruningTarget Target((string Path, nn.Module Module) item)
        {
            PruningRule rule = chosen[item.Path];
            return new PruningTarget(item.Path, LayerChannels.CountOf(item.Module)!.Value, rule.Sparsity!.Value)
            {
                MinimumKept = rule.MinimumKept,
                MultipleOf = rule.MultipleOf,
                MaxSparsity = rule.MaxSparsity,
            };
        }
    }

    private bool Fits(PruningRule rule, string path, nn.Module module)
    {
        if (LayerChannels.CountOf(module) is null)
            return false;
        bool saysNothing = rule.OpTypes.Count == 0 && rule.OpNames.Count == 0;
        IEnumerable<string> types = saysNothing && !rule.Exclude ? [Default] : rule.OpTypes;
        string[] wanted = [.. types.SelectMany(type => type == Default ? defaultOpTypes : [type])];
        return (wanted.Length == 0 || ClassesOf(module).Any(wanted.Contains))
            && (rule.OpNames.Count == 0 || rule.OpNames.Any(pattern => FitsName(pattern, path)));
    }

    private static IEnumerable<string> ClassesOf(nn.Module module)
    {
        for (Type? type = module.GetType(); type is not null && type != typeof(nn.Module); type = type.BaseType)
            yield return type.Name.Split('`')[0];
    }

    private static bool FitsName(string pattern, string path) =>
        pattern.Contains('*', StringComparison.Ordinal)
            ? Regex.IsMatch(
                path,
                $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$",
                RegexOptions.CultureInvariant
            )
            : pattern == path;

    private static IEnumerable<string> FaultsOf(PruningRule rule)
    {
        if (rule is { Exclude: false, Sparsity: null })
            yield return "has neither a sparsity nor Exclude";
        if (rule.Sparsity is { } sparsity && !(sparsity >= 0 && sparsity < 1))
            yield return $"has sparsity {sparsity}, which is not from 0 to below 1";
        if (rule.MinimumKept < 0)
            yield return $"has MinimumKept {rule.MinimumKept}, which is negative";
        if (rule.MultipleOf < 1)
            yield return $"has MultipleOf {rule.MultipleOf}, which is not 1 or more";
        if (!(rule.MaxSparsity > 0 && rule.MaxSparsity <= 1))
            yield return $"has MaxSparsity {rule.MaxSparsity}, which is not above 0 and up to 1";
    }

    /// <summary>The nearest path to a name that fits nothing.</summary>
    private string Hint(PruningRule rule)
    {
        var nearest = new NearestName([
            .. _modules.Where(item => LayerChannels.CountOf(item.Module) is not null).Select(item => item.Path),
        ]);
        return string.Concat(rule.OpNames.Take(1).Select(name => nearest.Suggest(name, "the nearest is")));
    }

    private static string Describe(PruningRule rule)
    {
        string types = rule.OpTypes.Count == 0 ? "any type" : string.Join(", ", rule.OpTypes.Select(Quoted.Text));
        string names = rule.OpNames.Count == 0 ? "" : $"; {string.Join(", ", rule.OpNames.Select(Quoted.Text))}";
        return types + names;
    }
}

using System.CommandLine;
using Speedup.Cli.Terminals;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;
using Speedup.Pruning.Descriptions;
using Speedup.Pruning.Stages;

namespace Speedup.Cli.UserModels;

/// <summary>The options that say which layers of a model are pruned, how far, and by what.</summary>
internal sealed class PruningOptions
{
    private readonly Option<string> _pruner = new("--pruner")
    {
        Description = "Name of the pruner, such as l1; `speedup plugins` lists them",
        HelpName = "NAME",
        Required = true,
    };

    private readonly Option<double?> _sparsity = new("--sparsity")
    {
        Description = "The part of the channels of each layer that goes, such as 0.5",
        HelpName = "PART",
    };

    private readonly Option<FileInfo> _rules = new("--rules")
    {
        Description = "In place of --sparsity: a list of rules in JSON, which layers and how far",
        HelpName = "FILE",
    };

    private readonly Option<string?> _budget = new("--budget")
    {
        Description = "What the model may still cost: macs=0.5, parameters=0.4 or latency=0.6",
        HelpName = "MEASURE=PART",
    };

    private readonly Option<GroupScore> _group = new("--group")
    {
        Description = "Score channels that go together as one: none, sum, mean or max",
    };

    private readonly Option<PruningRanking?> _ranking = new("--ranking")
    {
        Description = "With what channels compete: perlayer or global [default: the pruner's own way]",
    };

    private readonly Option<MaskedMembers> _masked = new("--masked")
    {
        Description = "What is masked of a group: producers, or all, so that no constant is left behind",
    };

    private readonly Option<string?> _statistics = new("--statistics")
    {
        Description = "A static method of the assembly that returns the batches to measure on (IPruningStatistics)",
        HelpName = "NAMESPACE.CLASS.METHOD",
    };

    private readonly Option<long> _seed = new("--seed") { Description = "Seed of what is drawn" };

    /// <summary>Creates the options.</summary>
    public PruningOptions()
    {
        _rules.AcceptExistingOnly();
        _sparsity.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double?>() is not (>= 0 and < 1))
                result.AddError("--sparsity must be 0 or more, and less than 1.");
        });
    }

    /// <summary>All options, in the order of the help text.</summary>
    public IEnumerable<Option> All => [_pruner, _sparsity, _rules, _budget, _group, _ranking, _masked, _statistics, _seed];

    /// <summary>Those that a sensitivity analysis takes: it chooses sparsities itself.</summary>
    public IEnumerable<Option> WithoutAmounts => [_pruner, _rules, _group, _statistics, _seed];

    /// <summary>The seed.</summary>
    public long SeedOf(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>Reads them; a method is looked up in the user's assembly.</summary>
    /// <exception cref="UsageException">There are two that exclude each other, or none that says how far.</exception>
    public PruneOptions Read(ParseResult parsed, UserAssembly assembly)
    {
        bool hasRules = parsed.GetValue(_rules) is not null;
        if (parsed.GetValue(_sparsity) is not null == hasRules && (hasRules || parsed.GetValue(_budget) is null))
            throw new UsageException("How far to prune is said by one of --sparsity and --rules, or by --budget.");
        return ReadLayers(parsed, assembly) with
        {
            Budget = parsed.GetValue(_budget) is { } budget ? PruningBudget.Parse(budget) : null,
            Ranking = parsed.GetValue(_ranking),
            MaskedMembers = parsed.GetValue(_masked),
        };
    }

    /// <summary>As above, without how far.</summary>
    public PruneOptions ReadLayers(ParseResult parsed, UserAssembly assembly)
    {
        string? statistics = parsed.GetValue(_statistics);
        return new PruneOptions
        {
            Pruner = parsed.GetRequiredValue(_pruner),
            Rules = parsed.GetValue(_rules) is { } file
                ? DescriptionFile.LoadRules(file.FullName)
                : [new PruningRule { Sparsity = parsed.GetValue(_sparsity) ?? 0 }],
            GroupScore = parsed.GetValue(_group),
            CreateStatistics = statistics is null ? null : new UserMethods(assembly).FindStatistics(statistics),
            StatisticsSettings = statistics ?? "",
        };
    }
}

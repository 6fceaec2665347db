using System.CommandLine;
using Speedup.Persistence;

namespace Speedup.Cli.UserModels;

/// <summary>The options that say what of files with weights and masks is read, and under which names.</summary>
internal sealed class TensorFileChoice
{
    private readonly Option<string?> _key = new("--key")
    {
        Description = "Part of a checkpoint that holds the weights: model, state_dict, ema/module",
        HelpName = "KEY",
    };

    private readonly Option<string[]> _strip = new("--strip")
    {
        Description = "Prefix to take off names of weights and masks, such as module.; may be given several times",
        HelpName = "PREFIX",
    };

    private readonly Option<string[]> _ignore = new("--ignore")
    {
        Description = "Weights and masks to leave out, such as *total_ops; may be given several times",
        HelpName = "PATTERN",
    };

    /// <summary>The part of a checkpoint that holds masks: a file of its own for them has no parts, where that of the weights has.</summary>
    public Option<string?> MasksKey { get; } =
        new("--masks-key") { Description = "Part of the --masks file that holds the masks", HelpName = "KEY" };

    /// <summary>All options but that, in the order of the help text.</summary>
    public IEnumerable<Option> All => [_key, _strip, _ignore];

    /// <summary>What is read of the file with the weights.</summary>
    public TensorFileOptions OfWeights(ParseResult parsed) => Read(parsed, parsed.GetValue(_key));

    /// <summary>What is read of the file with the masks.</summary>
    public TensorFileOptions OfMasks(ParseResult parsed) => Read(parsed, parsed.GetValue(MasksKey));

    private TensorFileOptions Read(ParseResult parsed, string? key) =>
        new()
        {
            Key = key,
            StripPrefixes = parsed.GetValue(_strip) ?? [],
            Ignore = parsed.GetValue(_ignore) ?? [],
        };
}

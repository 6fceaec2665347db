using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Speedup.Abstractions;
using Speedup.Cli.Examples;

namespace Speedup.Cli.Commands;

/// <summary>The options of <c>speedup example</c>.</summary>
internal sealed class ExampleOptions
{
    private static readonly ExampleSettings Defaults = new();

    private readonly Option<int> _repeat = new("--repeat")
    {
        Description = "Runs per row; a row shows their median",
        CustomParser = ParseRepeat,
        DefaultValueFactory = _ => Defaults.Repeat,
    };

    private readonly Option<int[]> _times = new("--times")
    {
        Description = "Numbers of forward passes, one row each",
        HelpName = "N,N,...",
        CustomParser = ParseTimes,
        DefaultValueFactory = _ => [.. Defaults.Times],
    };

    private readonly Option<FileInfo> _masks = new("--masks") { Description = "Masks file instead of the shipped one", HelpName = "FILE" };

    private readonly Option<FileInfo> _weights = new("--weights")
    {
        Description = "Weights file instead of the shipped one",
        HelpName = "FILE",
    };

    private readonly Option<bool> _fullWidth = new("--full-width")
    {
        Description = "Unscaled networks, with random weights and random masks of the shipped sparsity",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Seed of everything random",
        DefaultValueFactory = _ => Defaults.Seed,
    };

    private readonly Option<string> _policy = new("--policy")
    {
        Description = "exact folds the constants that pruned channels leave behind; drop loses them, as NNI does",
        DefaultValueFactory = _ => "exact",
    };

    private readonly Option<string> _device = new("--device")
    {
        Description = "cpu, cuda or cuda:N",
        DefaultValueFactory = _ => Defaults.Device,
    };

    public ExampleOptions()
    {
        _policy.AcceptOnlyFromAmong("exact", "drop");
        _masks.AcceptExistingOnly();
        _weights.AcceptExistingOnly();
        _device.Validators.Add(result =>
            Require(result, DeviceOption.IsWellFormed(result.GetValueOrDefault<string>()), "--device is cpu, cuda or cuda:N.")
        );
    }

    /// <summary>All of them, in the order of the help text.</summary>
    public IReadOnlyList<Option> All => [_repeat, _times, _masks, _weights, _fullWidth, _seed, _policy, _device];

    /// <summary>Their values.</summary>
    public ExampleSettings Read(ParseResult parsed) =>
        new()
        {
            Repeat = parsed.GetValue(_repeat),
            Times = parsed.GetRequiredValue(_times),
            Masks = parsed.GetValue(_masks),
            Weights = parsed.GetValue(_weights),
            FullWidth = parsed.GetValue(_fullWidth),
            Seed = parsed.GetValue(_seed),
            Policy = parsed.GetValue(_policy) == "drop" ? ConstantPolicy.Drop : ConstantPolicy.Exact,
            Device = parsed.GetRequiredValue(_device),
        };

    private static void Require(OptionResult result, bool condition, string message)
    {
        if (!condition)
            result.AddError(message);
    }

    private static int ParseRepeat(ArgumentResult result)
    {
        int repeat = ParseCount(result.Tokens.Single().Value);
        if (repeat < 1)
            result.AddError("--repeat is a number from 1 on.");
        return repeat;
    }

    private static int ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;

    private static int[] ParseTimes(ArgumentResult result)
    {
        int[] times = [.. result.Tokens.Single().Value.Split(',').Select(ParseCount)];
        if (Array.Exists(times, n => n < 1))
            result.AddError("--times is a list of numbers from 1 on, such as 1,2,4.");
        return times;
    }
}

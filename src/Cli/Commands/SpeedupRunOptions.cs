using System.CommandLine;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Core.Pipeline;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary>The options of <c>speedup run</c> beside those that name the model.</summary>
internal sealed class SpeedupRunOptions
{
    private const char Separator = ';';

    private readonly Option<FileInfo> _masks = new("--masks")
    {
        Description = "Masks as a pruner wrote them (.pth or .safetensors), or lists of channels (.json)",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string[]> _otherInput = new("--other-input")
    {
        Description = "Further sizes to verify on, those of several inputs divided by ';'; may be given several times",
        HelpName = "SHAPES",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _output = new("--output")
    {
        Description = "Where the small model goes: .speedup, or its weights alone: .pth, .safetensors",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Where the report goes: .md, .html or .json",
        HelpName = "FILE",
    };

    private readonly Option<string?> _code = new("--code")
    {
        Description =
            "Where the small model goes as code without this framework: .cs for TorchSharp, .py for PyTorch; its weights go beside it",
        HelpName = "FILE",
    };

    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Refuse what no handler covers, and what was verified on one side only",
    };

    private readonly Option<bool> _scatter = new("--scatter")
    {
        Description = "Let a layer shrink on one side of an addition where that saves work",
    };

    /// <summary>Creates the options.</summary>
    public SpeedupRunOptions()
    {
        _masks.AcceptExistingOnly();
        _otherInput.Validators.Add(result =>
        {
            foreach (
                string text in result
                    .Tokens.SelectMany(token => token.Value.Split(Separator))
                    .Where(text => InputSpecification.TryParse(text) is null)
            )
                result.AddError($"--other-input '{text}' is not a shape such as 1x3x224x224.");
        });
        Demand(_output, SmallModelOutput.Extensions);
        Demand(_report, ReportFile.Extensions);
        Demand(_code, [".cs", ".py"]);
    }

    /// <summary>All options, in the order of the help text.</summary>
    public IEnumerable<Option> All => [_masks, _otherInput, _output, _code, _report, _strict, _scatter];

    /// <summary>The masks file.</summary>
    public string MasksOf(ParseResult parsed) => parsed.GetRequiredValue(_masks).FullName;

    /// <summary>The target of the small model.</summary>
    public string OutputOf(ParseResult parsed) => parsed.GetRequiredValue(_output);

    /// <summary>The target of the code, or null.</summary>
    public string? CodeOf(ParseResult parsed) => parsed.GetValue(_code);

    /// <summary>The target of the report, or null.</summary>
    public string? ReportOf(ParseResult parsed) => parsed.GetValue(_report);

    /// <summary>The engine's options.</summary>
    /// <exception cref="UsageException">A further size has another number of inputs.</exception>
    public SpeedupOptions Read(ParseResult parsed, int inputs)
    {
        Tensor[][] others = [.. (parsed.GetValue(_otherInput) ?? []).Select(Create)];
        if (Array.Find(others, other => other.Length != inputs) is { } wrong)
            throw new UsageException(
                $"--other-input has {wrong.Length} shapes, and --input {inputs}: give as many, divided by '{Separator}'."
            );
        return new SpeedupOptions
        {
            Strict = parsed.GetValue(_strict),
            Scatter = parsed.GetValue(_scatter) ? ScatterPolicy.WhereFewerMacs : ScatterPolicy.Never,
            OtherInputs = others,
        };
    }

    private static Tensor[] Create(string shapes) =>
        [.. shapes.Split(Separator).Select(shape => InputSpecification.TryParse(shape)!.Create())];

    private static void Demand(Option option, IReadOnlyList<string> extensions) =>
        option.Validators.Add(result =>
        {
            foreach (string path in result.Tokens.Select(token => token.Value))
            {
                if (!extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                    result.AddError($"{option.Name} '{path}' must end in {string.Join(", ", extensions)}.");
            }
        });
}

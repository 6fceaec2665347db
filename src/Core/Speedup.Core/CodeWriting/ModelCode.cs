using Speedup.Abstractions;
using Speedup.Core.CodeWriting.Passes;
using Speedup.Core.CodeWriting.Plans;
using Speedup.Core.Models;
using Speedup.Core.Pipeline;
using Speedup.Core.Search;
using Speedup.Core.SmallModels;
using Speedup.Core.Tracing;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting;

/// <summary>
/// Writes a network as a class of straight-line code that needs no framework: TorchSharp or PyTorch alone. docs/small-models.md tells more.
/// </summary>
public static class ModelCode
{
    extension(SmallModel)
    {
        /// <summary>
        /// Writes a class that makes the modules of a model and calls them as the model's forward pass does, in evaluation mode, and its weights into
        /// a file beside it. What is written is what a traced pass on the example calls; numbers that come from sizes are written as such, as passes
        /// at other sizes show them, and the calls are run and compared with the model first.
        /// </summary>
        /// <returns>The files.</returns>
        /// <param name="model">Any model that can be traced, small or not; not changed.</param>
        /// <param name="example">Example inputs, as many as <c>forward</c> takes; not changed.</param>
        /// <param name="path">The file, with the extension <c>.cs</c> or <c>.py</c>; the weights get the same name. Both are replaced if they exist.</param>
        /// <param name="options">Options; may be left out.</param>
        /// <exception cref="CodeException">The forward pass cannot be written so (SPD1051), with all reasons. No file was written.</exception>
        /// <exception cref="SpeedupException">The model fails on the example, or does not take it.</exception>
        /// <exception cref="PersistenceException">A file cannot be written.</exception>
        public static CodeFiles WriteCode(nn.Module model, IReadOnlyList<Tensor> example, string path, CodeOptions? options = null) =>
            Write(model, example, path, options ?? new CodeOptions());

        /// <summary>The same for a model of one input.</summary>
        /// <returns>The files.</returns>
        /// <param name="model">Any model that can be traced, small or not; not changed.</param>
        /// <param name="example">The example input; not changed.</param>
        /// <param name="path">The file, with the extension <c>.cs</c> or <c>.py</c>; the weights get the same name. Both are replaced if they exist.</param>
        /// <param name="options">Options; may be left out.</param>
        /// <exception cref="CodeException">The forward pass cannot be written so (SPD1051), with all reasons. No file was written.</exception>
        /// <exception cref="SpeedupException">The model fails on the example, or does not take it.</exception>
        /// <exception cref="PersistenceException">A file cannot be written.</exception>
        public static CodeFiles WriteCode(nn.Module model, Tensor example, string path, CodeOptions? options = null) =>
            Write(model, [example], path, options ?? new CodeOptions());
    }

    private static CodeFiles Write(nn.Module model, IReadOnlyList<Tensor> example, string path, CodeOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        EngineArguments.Check(model, example);
        EngineArguments.CheckOthers(example, options.OtherInputs, $"{nameof(CodeOptions)}.{nameof(CodeOptions.OtherInputs)}");
        var target = CodeTarget.Find(path, options);
        using var scope = NewDisposeScope();
        var inventory = new ModelInventory(model);
        using BusyModels claim = BusyModels.Claim(inventory);
        using var state = new EvaluationScope(inventory, CancellationToken.None);
        using var rewriter = new MethodRewriter();
        using ModelPasses passes = ModelPasses.Run(inventory, state, rewriter, example, PassesFor(options));
        var reasons = new List<string>(passes.Reasons);
        var builder = new PlanBuilder(inventory, passes.Graphs, example, new StraightLineCode());
        CodePlan plan = builder.Build() with { Remarks = passes.Remarks };
        reasons.AddRange(builder.Reasons);
        if (reasons.Count == 0)
            passes.Compare(plan, reasons);
        string code = reasons.Count == 0 ? target.Write(plan, inventory.Root.GetType().Name, reasons) : "";
        if (reasons.Count > 0)
            throw new CodeException(CodeCodes.CannotWrite, path, reasons);
        CodeWeights.Write(plan, target);
        AtomicFile.Write(target.CodePath, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(code)));
        return new CodeFiles(target.CodePath, target.WeightsPath, target.ClassName);
    }

    private static PassOptions PassesFor(CodeOptions options) =>
        new()
        {
            Handlers = new NoHandlers(),
            Product = "straight-line code",
            Short = "the code",
            PathOption = $"{nameof(CodeOptions)}.{nameof(CodeOptions.AllowOtherPaths)}",
            OtherInputs = options.OtherInputs,
            AllowOtherPaths = options.AllowOtherPaths,
        };
}

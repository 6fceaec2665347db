using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Speedup.Core.Tracing;
using Speedup.Core.Tracing.Flow;
using Xunit;

namespace Core.Tests.Tracing;

/// <summary>Bodies that are laid out anew do what they did.</summary>
public sealed class BodyLayoutTests
{
    private const BindingFlags Anything =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static TheoryData<string, int> Samples =>
        new(
            typeof(LayoutSamples)
                .GetMethods(BindingFlags.Public | BindingFlags.Static)
                .SelectMany(method => new[] { 0, 1, 7, 60, 200 }.Select(padding => (method.Name, padding)))
        );

    [Theory]
    [MemberData(nameof(Samples))]
    public void Write_WithPaddingEverywhere_ComputesTheSame(string name, int padding)
    {
        using var rewriter = new MethodRewriter();
        MethodInfo method = typeof(LayoutSamples).GetMethod(name)!;
        Func<int, string> original = method.CreateDelegate<Func<int, string>>();
        Func<int, string> copied = Copy(rewriter, method, padding).CreateDelegate<Func<int, string>>();

        for (int x = -3; x < 20; x++)
            Assert.Equal(Outcome(original, x), Outcome(copied, x));
    }

    /// <summary>Each distance around that which a short branch can go.</summary>
    [Fact]
    public void Write_WithBranchesAtTheLimitOfShortOnes_GoesWhereTheyWent()
    {
        for (int distance = 120; distance < 135; distance++)
        {
            byte[] body = Branching(distance);
            var layout = new BodyLayout(body);
            layout.InsertBefore(0, [0]);
            byte[] written = layout.Write();

            IlInstruction branch = IlReader.Read(written).First(instruction => instruction.IsBranch);
            Assert.Equal(OpCodes.Brtrue, branch.OpCode);
            Assert.Equal(layout.Map(body.Length - 2), branch.TargetsIn(written).Single());
            Assert.Equal([(byte)OpCodes.Ldc_I4_1.Value, (byte)OpCodes.Ret.Value], written[branch.TargetsIn(written)[0]..]);
        }
    }

    [Fact]
    public void Write_WithOutcomes_RunsTheOneThatCameOut()
    {
        byte[] body = Branching(3);
        var layout = new BodyLayout(body);
        int branch = IlReader.Read(body).First(instruction => instruction.IsBranch).Offset;
        byte[] two = [(byte)OpCodes.Ldc_I4_2.Value, (byte)OpCodes.Ret.Value];
        byte[] three = [(byte)OpCodes.Ldc_I4_3.Value, (byte)OpCodes.Ret.Value];
        layout.InsertOutcomes(branch, [two, three]);
        var method = new DynamicMethod("outcomes", typeof(int), [typeof(int)]);
        method.GetDynamicILInfo().SetCode(layout.Write(), 4);
        method.GetDynamicILInfo().SetLocalSignature(SignatureHelper.GetLocalVarSigHelper().GetSignature());
        Func<int, int> run = method.CreateDelegate<Func<int, int>>();

        Assert.Equal([2, 3], new[] { run(0), run(1) });
    }

    [Fact]
    public void Write_WithoutInsertions_LeavesTheBodyAlone()
    {
        byte[] body = Branching(5);

        Assert.Same(body, new BodyLayout(body).Write());
    }

    /// <summary>All methods of some libraries, as the JIT compiler sees them: it refuses a branch into the middle of an instruction.</summary>
    [Theory]
    [InlineData(typeof(MethodRewriter), false)]
    [InlineData(typeof(MethodRewriter), true)]
    [InlineData(typeof(CsCheck.Gen), true)]
    [InlineData(typeof(TorchSharp.torch.nn), true)]
    public void Copy_OfAWholeLibrary_Compiles(Type library, bool padded)
    {
        using var rewriter = new MethodRewriter();
        MethodInfo[] methods =
        [
            .. library
                .Assembly.GetTypes()
                .Where(type => !type.ContainsGenericParameters)
                .SelectMany(type => type.GetMethods(Anything))
                .Where(method =>
                    !method.ContainsGenericParameters && method.GetMethodBody() is { } body && body.GetILAsByteArray()!.Length > 60
                )
                .Where(method => CallSignature.ParametersOf(method).Append(method.ReturnType).All(IsOrdinary))
                .OrderBy(method => method.MetadataToken),
        ];
        int compiled = 0;
        foreach (MethodInfo method in methods)
        {
            DynamicMethod? copy = TryCopy(rewriter, method, padded ? 9 : null);
            if (copy is null)
                continue;
            Compile(copy);
            compiled++;
        }

        Assert.InRange(compiled, methods.Length * 9 / 10, methods.Length);
        Assert.InRange(compiled, 50, int.MaxValue);
    }

    /// <summary>The test above sees what it looks for.</summary>
    [Fact]
    public void Copy_OfABodyWithABranchToNowhere_DoesNotCompile()
    {
        using var rewriter = new MethodRewriter();
        MethodInfo method = typeof(LayoutSamples).GetMethod(nameof(LayoutSamples.Switch))!;
        var copy = new DynamicMethod("copy", method.ReturnType, [typeof(int)], method.Module, true);
        new BodyCopier(rewriter, rewriter.Flow.Root(method), copy).Copy(layout =>
            layout.InsertBefore(0, [(byte)OpCodes.Br.Value, 0, 0, 1, 0])
        );

        Assert.Throws<InvalidProgramException>(() => Compile(copy));
    }

    private static void Compile(DynamicMethod method)
    {
        var descriptor = (RuntimeMethodHandle)
            typeof(DynamicMethod)
                .GetMethod("GetMethodDescriptor", Anything)!
                .Invoke(method, BindingFlags.DoNotWrapExceptions, null, null, null)!;
        RuntimeHelpers.PrepareMethod(descriptor);
    }

    private static DynamicMethod? TryCopy(MethodRewriter rewriter, MethodInfo method, int? padding)
    {
        try
        {
            return Copy(rewriter, method, padding);
        }
        catch (RewriteException)
        {
            return null;
        }
    }

    private static bool IsOrdinary(Type type) => !type.IsByRef && !type.IsPointer && !type.IsByRefLike && !type.IsFunctionPointer;

    private static DynamicMethod Copy(MethodRewriter rewriter, MethodInfo method, int? padding)
    {
        MethodFlow flow = rewriter.Flow.Root(method);
        var copy = new DynamicMethod("copy", method.ReturnType, CallSignature.ParametersOf(method), method.Module, true);
        new BodyCopier(rewriter, flow, copy).Copy(padding is { } bytes ? layout => Pad(flow.Body, layout, bytes) : null);
        return copy;
    }

    private static void Pad(ResolvedBody body, BodyLayout layout, int padding)
    {
        bool isPrefixed = false;
        foreach (IlInstruction instruction in body.Instructions)
        {
            if (!isPrefixed)
                layout.InsertBefore(instruction.Offset, new byte[padding]);
            isPrefixed = instruction.IsPrefix;
            if (instruction.IsConditional)
                layout.InsertOutcomes(
                    instruction.Offset,
                    [.. Enumerable.Range(0, instruction.TargetsIn(body.Il).Length + 1).Select(i => new byte[padding + i])]
                );
        }
    }

    private static string Outcome(Func<int, string> run, int x)
    {
        try
        {
            return run(x);
        }
        catch (Exception problem)
        {
            return $"{problem.GetType()} {problem.Message}";
        }
    }

    /// <summary><c>argument != 0 ? 1 : 0</c>, with some bytes between branch and target.</summary>
    private static byte[] Branching(int distance)
    {
        int between = distance - 2;
        bool isShort = distance <= sbyte.MaxValue;
        byte[] branch = isShort
            ? [(byte)OpCodes.Brtrue_S.Value, (byte)distance]
            : [(byte)OpCodes.Brtrue.Value, .. BitConverter.GetBytes(distance)];
        return
        [
            (byte)OpCodes.Ldarg_0.Value,
            .. branch,
            .. new byte[between],
            (byte)OpCodes.Ldc_I4_0.Value,
            (byte)OpCodes.Ret.Value,
            (byte)OpCodes.Ldc_I4_1.Value,
            (byte)OpCodes.Ret.Value,
        ];
    }
}

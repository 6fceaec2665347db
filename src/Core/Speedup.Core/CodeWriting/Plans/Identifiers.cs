using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>Names in the code: those of paths in the model, with <c>_</c> for each dot, and none twice. They are the same in all languages.</summary>
internal sealed partial class Identifiers
{
    private static readonly HashSet<string> Reserved =
    [
        // C#
        .. "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit".Split(
            ' '
        ),
        .. "extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator".Split(
            ' '
        ),
        .. "out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this".Split(
            ' '
        ),
        .. "throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while var".Split(' '),
        // Python
        .. "and assert async await def del elif except exec from global import lambda nonlocal not or pass print raise with yield None True False".Split(
            ' '
        ),
        .. "self cls super slice".Split(' '),
        // what the code itself names, and members of modules in PyTorch
        .. "torch nn F Tensor scope weights network load forward training type half bfloat16 requires_grad_ dump_patches T_destination".Split(
            ' '
        ),
        .. "add_module get_submodule get_parameter get_buffer get_extra_state set_extra_state share_memory extra_repr to_empty xpu ipu".Split(
            ' '
        ),
    ];

    private readonly HashSet<string> _taken = [.. Reserved, .. MembersOfModules];

    private static IEnumerable<string> MembersOfModules =>
        typeof(nn.Module)
            .GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(member => member.Name);

    /// <summary>Whether a name means something else in one of the languages, or to the code itself.</summary>
    public static bool IsReserved(string name) => Reserved.Contains(name);

    /// <summary>Takes a name.</summary>
    /// <param name="path">A path in the model, or a name.</param>
    /// <param name="otherwise">What a name begins with that would not begin with a letter.</param>
    public string Take(string path, string otherwise)
    {
        var name = new StringBuilder();
        foreach (char letter in path)
            name.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        string plain = name.ToString().Trim('_');
        if (plain.Length == 0 || char.IsAsciiDigit(plain[0]))
            plain = otherwise + plain;
        if (VariableName().IsMatch(plain))
            plain += "_"; // left to variables
        string free = plain;
        for (int number = 2; !_taken.Add(free); number++)
            free = $"{plain}_{number}";
        return free;
    }

    /// <summary>The variables of the forward pass: <c>x</c>, <c>x1</c> and so on.</summary>
    [GeneratedRegex("^x[0-9]*$")]
    private static partial Regex VariableName();
}
